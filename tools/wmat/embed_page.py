"""Turns the page of `wmat trace html` into C: what stands in front of its data, and behind them.
usage: embed_page.py PAGE OUT.c"""
import sys

page = open(sys.argv[1], encoding="utf-8").read()
parts = page.split("@DATA@")
if len(parts) != 2:
    sys.exit("the page has to have @DATA@ once")


def literal(text):
    lines = text.splitlines(keepends=True)
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("?", "\\?") for line in lines)
    return "\n".join(f'    "{line}",' for line in escaped)


with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write("/* Declared in trace_html.h. */\n")
    for name, text in zip(("head", "tail"), parts):
        out.write(f"\nconst char *const trace_page_{name}[] = {{\n{literal(text)}\n    0,\n}};\n")
