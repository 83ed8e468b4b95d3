"""What we compare with: a Flask view that parses the same body and does nothing with it."""

import msgspec
from flask import Flask, request

from collector.message import Batch

decode = msgspec.json.Decoder(Batch).decode


def create_app():
    app = Flask("plain")

    @app.post("/event")
    def event():
        decode(request.get_data())
        return "", 202

    return app
