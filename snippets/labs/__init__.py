"""Code of the labs that deserves tests of its own. Serves docs/labs/flights.ipynb."""
