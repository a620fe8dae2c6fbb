"""Messages of results as plain data, as the page's memory takes them."""

from typing import Any

Data = dict[str, Any]


def source(name: str, end: str = "8.000000000", task: str = "predict_outcome", status: str = "ok") -> Data:
    """A provenance."""
    times = {"clip_start": "4.000000000", "clip_end": end, "total_latency": 1.5}
    return {"request_id": name, "task": task, "status": status, "status_text": "", **times}


def reasoning(name: str = "one", think: str = "It rolls.", **options: Any) -> Data:
    """A Reasoning."""
    return {"provenance": source(name, **options), "question": "?", "think": think, "answer": "a ball", "defects": []}


def prediction(name: str = "one", *texts: str, hazard: str = "low") -> Data:
    """An OutcomePrediction."""
    outcomes = [{"text": text, "probability": 0.5, "hazard": hazard} for text in texts or ("It falls.",)]
    return {"provenance": source(name), "outcomes": outcomes}


def ranking(name: str = "one") -> Data:
    """An ActionRanking."""
    return {"provenance": source(name), "goal": "go", "actions": [{"id": "wait", "score": 0.7, "description": "x"}]}


def verdict(on: str, statement: str = "It falls.", verdict: str = "happened", name: str = "check") -> Data:
    """An OutcomeVerdict on a prediction."""
    said = {"statement": statement, "verdict": verdict, "probability": 0.9}
    return {"provenance": source(name, task="verify"), "prediction_id": on, **said}
