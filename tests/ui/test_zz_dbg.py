from tests.ui.test_browser import *
from tests.ui.conftest import *
pytestmark = []
def test_dbg(site, page):
    page.on("request", lambda r: print(r.method, r.url) if "static" not in r.url else None)
    page.goto(site+"/form"); page.get_by_role("button", name="Send").click()
    s=page.locator("[data-error-summary]"); s.wait_for()
    s.get_by_role("link").click()
    print(page.url, page.evaluate("document.activeElement.outerHTML"))
    page.keyboard.type("Anew"); print(page.locator("#id_name").input_value(), page.evaluate("document.forms[document.forms.length-1].dataset.sent"))
    page.get_by_role("button", name="Send").click(); page.wait_for_timeout(1500); print(page.url)
    print(page.evaluate("document.forms[document.forms.length-1].dataset.sent"))
