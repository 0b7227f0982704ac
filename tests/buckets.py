"""An S3 server of our own (moto), for contract tests."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

CREDENTIALS = """[default]
aws_access_key_id = tests
aws_secret_access_key = tests
"""


class BucketServer:
    """A running server; each test takes a bucket of its own."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._numbers = count(1)

    def new_bucket(self) -> str:
        """Make an empty bucket and return a URL within it."""
        import botocore.session

        name = f"bucket-{next(self._numbers)}"
        session = botocore.session.get_session()
        client = session.create_client("s3", endpoint_url=self.endpoint, region_name="us-east-1")
        client.create_bucket(Bucket=name)
        client.close()
        return f"s3://{name}/blobs?endpoint={self.endpoint}"


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    """A server for the whole session, with credentials in a file as an operator has them."""
    from moto.server import ThreadedMotoServer

    credentials = tmp_path_factory.mktemp("aws") / "credentials"
    credentials.write_text(CREDENTIALS)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
        server.start()
        host, port = server.get_host_and_port()
        try:
            yield BucketServer(f"http://{host}:{port}")
        finally:
            server.stop()


@pytest.fixture(params=["folder", "bucket"])
def blob_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty place for blobs."""
    if request.param == "folder":
        return f"file://{tmp_path / 'blobs'}"
    server: BucketServer = request.getfixturevalue("bucket_server")
    return server.new_bucket()
