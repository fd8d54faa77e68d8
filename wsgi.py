"""What gunicorn serves: ``gunicorn wsgi:app``, set up by ``OPENDATA_*`` alone."""

import os

from opendata.app import create_app
from opendata.settings import Settings

app = create_app(Settings.from_environment(os.environ))
