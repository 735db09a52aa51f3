"""Turns a public header, whose comments are plain C, into what doxygen reads: filter.py HEADER

The comment in front of a declaration, or behind it on its line, becomes documentation; one in front of several
declarations without a blank line between them belongs to each. The first comment is the file's.
"""
import re
import sys

COMMENT = re.compile(r'/\*.*?\*/', re.S)


def escaped(line):
    """A line of text, with what doxygen would read as a command or a tag taken literally. Code is indented: it stays."""
    if re.match(r'\s*\*?\s{5,}', line):
        return line
    line = line.replace('\\', '\\\\').replace('@', '\\@').replace('#', '\\#').replace('%', '\\%')
    line = re.sub(r'&(?!lt;|gt;)', '&amp;', line)
    return line.replace('<', '&lt;').replace('>', '&gt;')


def documented(comment, opening):
    body = comment[2:-2]
    return opening + '\n'.join(escaped(line) for line in body.split('\n')) + '*/'


def comments_marked(text):
    """Every comment as one of doxygen's: the file's, a member's behind it, or a declaration's in front of it."""
    out, at, first = [], 0, True
    for match in COMMENT.finditer(text):
        before = text[text.rfind('\n', 0, match.start()) + 1:match.start()]
        after = text[match.end():].split('\n', 1)[0]
        out.append(text[at:match.start()])
        at = match.end()
        if first:
            out.append(documented(match.group(), '/** \\file\n *'))
        elif before.strip() and not after.strip():
            out.append(documented(match.group(), '/**<'))
        elif before.strip() or before.startswith('#'):
            out.append(match.group())
        else:
            out.append(documented(match.group(), '/**'))
        first = False
    return ''.join(out) + text[at:]


def declared(line):
    """The function that a line at the left margin begins to declare, or None."""
    match = re.match(r'[a-z][\w ]*[ *](fw_\w+|wm_\w+)\(', line)
    return match and match.group(1)


def defined(line):
    """The structure or enumeration that a line at the left margin begins to define, or None."""
    match = re.match(r'(?:struct|enum) (\w+) \{', line)
    return match and match.group(1)


def shared(text):
    """A function without a comment of its own refers to the one above it, or to the type that it is about."""
    out, owner, topic = [], None, None
    for line in text.split('\n'):
        name = declared(line)
        commented = out and out[-1].rstrip().endswith('*/')
        topic = defined(line) or topic
        if name and commented:
            owner = name
        elif name and (owner or topic):
            out.append('/** See \\ref %s. */' % (owner or topic))
        elif not line.strip():
            owner = None
        out.append(line)
    return '\n'.join(out)


with open(sys.argv[1], encoding='utf-8') as header:
    sys.stdout.write(shared(comments_marked(header.read())))
