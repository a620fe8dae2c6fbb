// Pictures in a canvas. Of an <img> whose address changes all the time, a browser keeps hundreds of MB.

// The picture at an address; null where there is none.
export async function fetched(address) {
  try {
    const answer = await fetch(address);
    return answer.status === 200 ? await createImageBitmap(await answer.blob()) : null;
  } catch {
    return null; // the server is gone, or what it sent is no picture
  }
}

// Shows a picture, which is used up.
export function paint(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.close();
}
