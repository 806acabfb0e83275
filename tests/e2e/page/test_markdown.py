"""Discord's Markdown, as the page's parser reads it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.page.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CASES: list[tuple[str, str]] = [
    ("**b** *i* _i_ __u__ ~~s~~", "<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s>"),
    ("***both***", "<strong><em>both</em></strong>"),
    ("**bold *and italic* text**", "<strong>bold <em>and italic</em> text</strong>"),
    ("snake_case_name", "snake_case_name"),
    ("2 * 3 * 4", "2 * 3 * 4"),
    (r"\*not\*", "*not*"),
    ("||secret||", "<spoiler>secret</spoiler>"),
    ("`a **b**`", "<code>a **b**</code>"),
    ("``a ` b``", "<code>a ` b</code>"),
    ("# One\n## Two\n### Three", "<h1>One</h1><h2>Two</h2><h3>Three</h3>"),
    ("#no heading", "#no heading"),
    ("-# small", "<small>small</small>"),
    ("> a\n> b\nc", "<quote>a\nb</quote>c"),
    (">>> a\nb", "<quote>a\nb</quote>"),
    (">_<", ">_<"),
    ("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
    ("3. a\n4. b", "<ol 3><li>a</li><li>b</li></ol>"),
    ("-not a list", "-not a list"),
    ("```sh\ndocker ps\n```", "<pre sh>docker ps</pre>"),
    ("```\n<b>&\n```", "<pre ><b>&</pre>"),
    ("a```b```c", "a<pre >b</pre>c"),
    ("```never closed", "```never closed"),
    ("> ```\n> x\n> ```", "<quote><pre >x</pre></quote>"),
    (
        "see https://a.example/x_(y). ok",
        "see <a https://a.example/x_(y)>https://a.example/x_(y)</a>. ok",
    ),
    ("(https://a.example)", "(<a https://a.example>https://a.example</a>)"),
    ("<https://a.example>", "<a https://a.example>https://a.example</a>"),
    ("[*t*](https://a.example)", "<a https://a.example><em>t</em></a>"),
    ("[t](javascript:alert(1))", "[t](javascript:alert(1))"),
    (
        "<@1> <@!2> <@&3> <#4> </lesson open:5> @everyone",
        "<user 1> <user 2> <role 3> <channel 4> <command 5> <all>",
    ),
    ("<t:1700000000:R>", "<time 1700000000 R>"),
    ("<:whale:123>", ":whale:"),
    ("", ""),
]

# Writes a tree down in a short form that the table above can hold.
WRITE = """async (source) => {
  const { parse } = await import('/page/markdown.js');
  const short = (type) => (type === 'subtext' ? 'small' : type);
  const all = (nodes) => nodes.map(write).join('');
  const write = (node) => {
    if (node.type === 'text') return node.text;
    if (node.type === 'code') return `<code>${node.text}</code>`;
    if (node.type === 'pre') return `<pre ${node.lang}>${node.text}</pre>`;
    if (node.type === 'heading') return `<h${node.level}>${all(node.children)}</h${node.level}>`;
    if (node.type === 'link') return `<a ${node.url}>${all(node.children)}</a>`;
    if (node.type === 'mention') return `<${[node.kind, node.id].filter(Boolean).join(' ')}>`;
    if (node.type === 'time') return `<time ${node.seconds} ${node.style}>`;
    if (node.type === 'list') {
      const [open, close] = node.ordered ? [`<ol ${node.start}>`, '</ol>'] : ['<ul>', '</ul>'];
      return open + node.items.map((item) => `<li>${all(item)}</li>`).join('') + close;
    }
    return `<${short(node.type)}>${all(node.children)}</${short(node.type)}>`;
  };
  return all(parse(source));
}"""


async def test_markdown_reads_as_discord_reads_it(enter: Enter) -> None:
    """Each construct, its look-alikes that are plain text, and their nesting."""
    ada = await enter("scholar")
    wrong = {}
    for source, expected in CASES:
        written = await ada.page.evaluate(WRITE, source)
        if written != expected:
            wrong[source] = (written, expected)

    assert wrong == {}


@pytest.mark.parametrize(
    "source",
    [
        "*" * 2000,
        "_" * 2000,
        "[" * 2000,
        "`" * 1999,
        "> " * 1000,
        "||" * 1000,
        "- " * 1000,
        "**a" * 660,
        "<" * 2000,
    ],
)
async def test_no_text_makes_the_page_hang(enter: Enter, source: str) -> None:
    """The worst two thousand characters are read in well under a second."""
    ada = await enter("scholar")
    took_ms: Any = await ada.page.evaluate(
        "async (source) => { const { parse } = await import('/page/markdown.js');"
        " const start = performance.now(); parse(source); return performance.now() - start }",
        source,
    )

    assert took_ms < 500
