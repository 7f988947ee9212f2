"""`proxy.yaml`: text and an environment in, frozen configuration or every mistake out."""

from trunkline.config.defaults import default_text
from trunkline.config.load import Loaded, load, schema
from trunkline.config.problems import Problem

__all__ = ["Loaded", "Problem", "default_text", "load", "schema"]
