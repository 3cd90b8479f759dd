"""Sample content: the frame that loads it, and the ground's share of it.

Each installed app may have a `sample` module with a function `load(sample)`; they are called in the order of
INSTALLED_APPS. The facts lie in each app's `data` folder.
"""

from portal.sample.frame import ACCOUNT, Links, Outcome, Sample, SampleError, load_everything, translated
from portal.sample.ground import load

__all__ = ["ACCOUNT", "Links", "Outcome", "Sample", "SampleError", "load", "load_everything", "translated"]
