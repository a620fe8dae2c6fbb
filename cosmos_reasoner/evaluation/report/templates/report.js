"use strict";
(() => {
  const byId = (name) => document.getElementById(name);
  const list = byId("list");
  const items = [...list.querySelectorAll("details.item")];

  const make = (tag, properties, parent) => {
    const element = Object.assign(document.createElement(tag), properties);
    parent.append(element);
    return element;
  };

  const film = (parent, clip) => {
    const rows = Math.max(clip.cameras.length, 1);
    const box = make("div", { className: "film" }, parent);
    box.style.aspectRatio = `${clip.width} / ${clip.height * rows}`;
    const alt = `clip, ${clip.times.length} moments of ${clip.cameras.join(", ")}`;
    const picture = make("img", { alt, src: clip.picture }, box);
    picture.style.width = `${100 * clip.times.length}%`;
    if (rows > 1) {
      clip.cameras.forEach((camera, row) => {
        make("span", { textContent: camera, dir: "auto" }, box).style.top = `calc(${(100 * row) / rows}% + .4rem)`;
      });
    }
    return picture;
  };

  const play = (place, clip) => {
    const strip = place.querySelector(".strip");
    const picture = film(strip, clip);
    const player = make("div", { className: "player" }, strip);
    const button = make("button", { type: "button", textContent: "Play" }, player);
    const last = clip.times.length - 1;
    const slider = make("input", { type: "range", min: 0, max: last, step: 1, value: 0, ariaLabel: "moment" }, player);
    const time = make("output", {}, player);
    let timer = 0;

    const show = () => {
      const moment = Number(slider.value);
      picture.style.transform = `translateX(${(-100 * moment) / clip.times.length}%)`;
      time.textContent = `${clip.times[moment].toFixed(2)} s`;
      slider.ariaValueText = time.textContent;
    };
    const pause = () => {
      clearTimeout(timer);
      timer = 0;
      button.textContent = "Play";
    };
    const wait = () => {
      const moment = Number(slider.value);
      const step = moment < last ? clip.times[moment + 1] - clip.times[moment] : 1;
      timer = setTimeout(next, Math.min(Math.max(1000 * step, 80), 1500));
    };
    const next = () => {
      slider.value = Number(slider.value) < last ? Number(slider.value) + 1 : 0;
      show();
      wait();
    };
    button.addEventListener("click", () => {
      if (timer) {
        pause();
        return;
      }
      button.textContent = "Pause";
      wait();
    });
    slider.addEventListener("input", () => {
      pause();
      show();
    });
    place.addEventListener("toggle", () => {
      if (!place.open) pause();
    });
    show();
  };

  const open = (item) => {
    const clip = byId(`picture-${item.dataset.place}`);
    if (clip && !item.querySelector(".film")) play(item, JSON.parse(clip.textContent));
  };

  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };

  const chosen = (name) => byId(name)?.value ?? "";
  const filter = () => {
    const words = chosen("text").toLowerCase().trim();
    let count = 0;
    for (const item of items) {
      const fits = ["set", "kind", "outcome"].every((name) => ["", item.dataset[name]].includes(chosen(name)));
      item.hidden = !(fits && (!words || textOf(item).includes(words)));
      count += !item.hidden;
    }
    byId("shown").textContent = `${count} of ${items.length} items`;
  };

  const number = (item, name) => (item.dataset[name] === "" ? -1 : Number(item.dataset[name]));
  const name = (item) => item.querySelector(".id").textContent;
  const orders = {
    place: (one, other) => number(one, "place") - number(other, "place"),
    id: (one, other) => name(one).localeCompare(name(other), "en", { numeric: true }) || orders.place(one, other),
    latency: (one, other) => number(other, "latency") - number(one, "latency") || orders.place(one, other),
    confidence: (one, other) => number(other, "confidence") - number(one, "confidence") || orders.place(one, other),
  };

  items.forEach((item) => item.addEventListener("toggle", () => item.open && open(item)));
  byId("filters").hidden = false;
  ["text", "set", "kind", "outcome"].forEach((control) => byId(control)?.addEventListener("input", filter));
  byId("sort").addEventListener("input", () => list.append(...items.sort(orders[chosen("sort")])));
})();
