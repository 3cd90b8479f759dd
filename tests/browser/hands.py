"""A pair of hands at a page, which count what they do: clicks and keys that are not text."""


class Hands:
    """Typing text counts nothing; every click and every other key counts one."""

    def __init__(self, page):
        self.page = page
        self.gestures = 0

    def click(self, target):
        """`target` is a locator, or a selector."""
        self.gestures += 1
        (self.page.locator(target) if isinstance(target, str) else target).click()

    def press(self, key):
        self.gestures += 1
        self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def pick(self, text):
        """Type into an open choice, wait for the answer as people do, and take it with Enter."""
        self.type(text)
        self.page.locator(".select2-results__option--highlighted", has_text=text).first.wait_for()
        self.press("Enter")
