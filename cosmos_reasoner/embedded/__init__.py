"""An endpoint that needs no GPU: motion analysis behind the OpenAI chat API."""
