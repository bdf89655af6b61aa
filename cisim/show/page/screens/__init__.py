"""The parts of the page in the browser: templates and what each is given."""
