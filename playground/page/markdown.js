/** Discord's Markdown: message text → a tree of plain objects; drawing it is markdown-view.js's job. */

const DEEPEST = 12;

const FENCE = /```(?:([\w+\-.#]+)\n)?\n*([^\n][^]*?)\n*```\n?/y;
const HEADING = /(#{1,3}) +([^\n]+?) *(?:\n|$)/y;
const SUBTEXT = /-# +([^\n]+?) *(?:\n|$)/y;
const QUOTE_REST = />>> ([^]*)$/y;
const QUOTE = /(?:> ?[^\n]*(?:\n|$))+/y;
const LIST = /(?: *(?:[-*]|\d{1,9}\.) +[^\n]+(?:\n|$)(?: {2,}[^\s][^\n]*(?:\n|$))*)+/y;
const LINE = /[^]*?(?:\n|(?=```)|$)/y;

/**
 * Parses what one message, field or text display says.
 *
 * @param {string} source
 * @returns {object[]} nodes with a `type`; see the functions below for what each carries
 */
export function parse(source) {
  return blocks(source ?? "", 0);
}

function at(regex, source, position) {
  regex.lastIndex = position;
  return regex.exec(source);
}

function blocks(source, depth) {
  const nodes = [];
  let paragraph = "";
  let position = 0;
  const flush = () => {
    if (paragraph) nodes.push(...inline(paragraph, depth));
    paragraph = "";
  };
  while (position < source.length) {
    const block = blockAt(source, position, depth);
    if (block) {
      paragraph = paragraph.replace(/\n$/, "");
      flush();
      nodes.push(block.node);
      position = block.end;
    } else {
      // A fence that never closes is ordinary text: step over its marks.
      const marks = source.startsWith("```", position) ? 3 : 0;
      const line = at(LINE, source, position + marks);
      const end = position + marks + line[0].length;
      paragraph += source.slice(position, end);
      position = end;
    }
  }
  flush();
  return nodes;
}

function blockAt(source, position, depth) {
  const fence = at(FENCE, source, position);
  if (fence)
    return { node: { type: "pre", lang: fence[1] ?? "", text: fence[2] }, end: FENCE.lastIndex };
  const atLineStart = position === 0 || source[position - 1] === "\n";
  if (!atLineStart || depth > DEEPEST) return null;
  return (
    headingAt(source, position, depth) ??
    quoteAt(source, position, depth) ??
    listAt(source, position, depth)
  );
}

function headingAt(source, position, depth) {
  const heading = at(HEADING, source, position);
  if (heading) {
    const node = {
      type: "heading",
      level: heading[1].length,
      children: inline(heading[2], depth + 1),
    };
    return { node, end: HEADING.lastIndex };
  }
  const subtext = at(SUBTEXT, source, position);
  if (!subtext) return null;
  return {
    node: { type: "subtext", children: inline(subtext[1], depth + 1) },
    end: SUBTEXT.lastIndex,
  };
}

function quoteAt(source, position, depth) {
  const rest = at(QUOTE_REST, source, position);
  if (rest)
    return { node: { type: "quote", children: blocks(rest[1], depth + 1) }, end: source.length };
  // Discord wants a space after the mark, so that `>_<` stays a face.
  if (source[position] !== ">" || !/[ \n]|$/.test(source[position + 1] ?? " ")) return null;
  if (!/^> /.test(source.slice(position, position + 2))) return null;
  const quote = at(QUOTE, source, position);
  const inside = quote[0].replace(/\n$/, "").replace(/^> ?/gm, "");
  return {
    node: { type: "quote", children: blocks(inside, depth + 1) },
    end: position + quote[0].length,
  };
}

function listAt(source, position, depth) {
  const list = at(LIST, source, position);
  if (!list) return null;
  return { node: listOf(itemsOf(list[0]), depth), end: position + list[0].length };
}

function itemsOf(text) {
  const items = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [, indent, mark, content] = /^( *)([-*]|\d{1,9}\.)? *(.*)$/.exec(line);
    if (mark) items.push({ indent: indent.length, mark, content });
    else items.at(-1).content += `\n${content}`;
  }
  return items;
}

function listOf(items, depth) {
  const [{ mark, indent }] = items;
  const ordered = mark !== "-" && mark !== "*";
  const node = { type: "list", ordered, start: ordered ? Number.parseInt(mark, 10) : 1, items: [] };
  for (let index = 0; index < items.length;) {
    const deeper = items.findIndex((item, other) => other > index && item.indent <= indent);
    const end = deeper < 0 ? items.length : deeper;
    const children = inline(items[index].content, depth + 1);
    if (end > index + 1) {
      const below = items.slice(index + 1, end);
      children.push(depth < DEEPEST ? listOf(below, depth + 1) : { type: "text", text: "…" });
    }
    node.items.push(children);
    index = end;
  }
  return node;
}

/** In this order; each returns a node or null and leaves `lastIndex` of its expression behind the match. */
const INLINE = [
  rule("\\", /\\([^A-Za-z0-9\s])/y, (m) => ({ type: "text", text: m[1] })),
  rule("`", /(`+)([^]*?[^`])\1(?!`)/y, (m) => ({ type: "code", text: codeText(m[2]) })),
  rule("<", /<(https?:\/\/[^\s>]+)>/y, (m) => link(m[1])),
  rule("<", /<@!?(\d+)>/y, (m) => ({ type: "mention", kind: "user", id: m[1] })),
  rule("<", /<@&(\d+)>/y, (m) => ({ type: "mention", kind: "role", id: m[1] })),
  rule("<", /<#(\d+)>/y, (m) => ({ type: "mention", kind: "channel", id: m[1] })),
  rule("<", /<\/([^:>\n]+):(\d+)>/y, (m) => ({
    type: "mention",
    kind: "command",
    name: m[1],
    id: m[2],
  })),
  rule("<", /<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y, (m) => ({
    type: "time",
    seconds: Number(m[1]),
    style: m[2],
  })),
  rule("<", /<a?:(\w{1,32}):(\d+)>/y, (m) => ({ type: "text", text: `:${m[1]}:` })),
  rule("@", /@(everyone|here)\b/y, (m) => ({ type: "mention", kind: "all", name: m[1] })),
  rule(
    "[",
    /\[((?:\\.|[^[\]\\\n]|\[[^\]\n]*\])+)\]\(<?(https?:\/\/(?:[^\s()<>]|\([^\s()<>]*\))+)>?(?: +"([^"\n]*)")?\)/y,
    (m, depth) => ({
      type: "link",
      url: m[2],
      title: m[3] ?? "",
      children: inline(m[1], depth + 1),
    }),
  ),
  rule("h", /https?:\/\/[^\s<>]+/y, (m) => link(m[0])),
  rule("*", /\*\*\*(?!\s)([^]+?)\*\*\*(?!\*)/y, (m, depth) => ({
    type: "strong",
    children: [{ type: "em", children: inline(m[1], depth + 1) }],
  })),
  rule("*", /\*\*([^]+?)\*\*(?!\*)/y, nested("strong")),
  rule("*", /\*(?![\s*])((?:\*\*[^]*?\*\*|\\[^]|[^\\*])*?[^\s*\\])\*(?!\*)/y, nested("em")),
  rule("_", /__([^]+?)__(?!_)/y, nested("u")),
  rule("_", /_((?:__|\\[^]|[^\\_])+?)_(?!\w)/y, nested("em"), (before) => !/\w/.test(before)),
  rule("~", /~~([^]+?)~~(?!~)/y, nested("s")),
  rule("|", /\|\|([^]+?)\|\|/y, nested("spoiler")),
];

function rule(first, regex, make, allowed = () => true) {
  return { first, regex, make, allowed };
}

function nested(type) {
  return (match, depth) => ({ type, children: inline(match[1], depth + 1) });
}

function link(url) {
  return { type: "link", url, title: "", children: [{ type: "text", text: url }] };
}

function codeText(text) {
  // "`` `x` ``": the space that keeps back-ticks apart is not part of the code.
  return /^ *`|` *$/.test(text) ? text.replace(/^ (?=`)|(?<=`) $/g, "") : text;
}

const PLAIN_TEXT = /[^][^\\`<@[*_~|h]*/y;

function inline(source, depth) {
  if (depth > DEEPEST) return [{ type: "text", text: source }];
  const nodes = [];
  let position = 0;
  while (position < source.length) {
    const found = inlineAt(source, position, depth);
    if (found) {
      nodes.push(found.node);
      position = found.end;
    } else {
      const plain = at(PLAIN_TEXT, source, position)[0];
      append(nodes, plain);
      position += plain.length;
    }
  }
  return nodes;
}

function inlineAt(source, position, depth) {
  const before = position ? source[position - 1] : "";
  for (const { first, regex, make, allowed } of INLINE) {
    if (source[position] !== first || !allowed(before)) continue;
    const match = at(regex, source, position);
    if (match) {
      // Nested parsing reuses the same expressions, so the end is taken before it.
      const trimmed = first === "h" ? urlOf(match[0]) : match[0];
      return {
        node: first === "h" ? link(trimmed) : make(match, depth),
        end: position + trimmed.length,
      };
    }
  }
  return null;
}

/** A bare link without the punctuation that ends the sentence around it. */
function urlOf(text) {
  let url = text.replace(/[.,:;"'\]*_~|!?]+$/, "");
  while (url.endsWith(")") && count(url, ")") > count(url, "(")) url = url.slice(0, -1);
  return url.length > "https://".length ? url : text;
}

function count(text, character) {
  return text.split(character).length - 1;
}

function append(nodes, text) {
  if (nodes.at(-1)?.type === "text") nodes.at(-1).text += text;
  else nodes.push({ type: "text", text });
}

/** The words alone, for previews and screen readers. */
export function plainText(nodes) {
  return nodes
    .map((node) => {
      if (node.type === "list") return node.items.map(plainText).join(" ");
      if (node.children) return plainText(node.children) + (node.type === "heading" ? " " : "");
      if (node.type === "mention") return node.label ?? `@${node.name ?? ""}`;
      return node.text ?? "";
    })
    .join("");
}
