"""Is it a page of `wmat trace html`: well-formed, self-contained, with all of its data?
usage: trace_page.py PAGE"""
import html.parser
import json
import sys

VOID = {"meta", "input", "br"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.scripts = [], []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        assert not {"src", "href", "srcset"} & names.keys(), f"{tag} loads something"
        if tag == "script":
            self.scripts.append([names.get("type"), ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} ends what it did not begin"

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1][1] += data


text = open(sys.argv[1], encoding="utf-8").read()
page = Page()
page.feed(text)
page.close()
assert page.open == [], page.open
assert [kind for kind, _ in page.scripts] == ["application/json", None], page.scripts
assert "url(" not in text and "@import" not in text and "fetch(" not in text
data = json.loads(page.scripts[0][1])
assert all(len(entry) == 9 and entry[1] <= entry[2] for entry in data["entries"])
assert all(len(link) == 7 for link in data["links"])
print(sum(entry[0] == 0 for entry in data["entries"]), "commands")
