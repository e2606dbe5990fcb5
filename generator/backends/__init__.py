"""The engines, one a file, each found through `generator.backend.BACKENDS`."""
