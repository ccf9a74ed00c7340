// The markdown block: headings, lists, quotes, tables, code and inline marks, as nodes.

import { h } from "./dom.js";
import { emoji, link } from "./text.js";

const INLINE =
  /`([^`\n]+)`|\[([^\]\n]+)\]\(([^)\s]+)\)|\*\*([^\n]+?)\*\*|__([^\n]+?)__|~~([^\n]+?)~~|(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)_(?![\p{L}\p{N}_])|:([a-z0-9_+-]+):|\\([\\`*_~[\]()#>|-])/gu;

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, label, url, bold, bold2, strike, italic, italic2, name, escaped] = match;
    nodes.push(text.slice(from, match.index));
    if (code !== undefined) nodes.push(h("code", {}, code));
    else if (label !== undefined) nodes.push(link(url, inline(label)));
    else if (bold ?? bold2) nodes.push(h("b", {}, inline(bold ?? bold2)));
    else if (strike) nodes.push(h("s", {}, inline(strike)));
    else if (italic ?? italic2) nodes.push(h("i", {}, inline(italic ?? italic2)));
    else nodes.push(name ? emoji(name) : escaped);
    from = match.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function table(lines) {
  const [head, , ...rows] = lines.map(cells);
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell) => h("th", { scope: "col" }, inline(cell))),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, inline(cell))),
          ),
        ),
      ),
    ),
  );
}

function take(lines, test) {
  const taken = [];
  while (lines.length && test(lines[0])) taken.push(lines.shift());
  return taken;
}

function part(lines) {
  const line = lines[0];
  if (/^```/.test(line)) {
    lines.shift();
    const code = take(lines, (each) => !/^```/.test(each));
    lines.shift();
    return h("pre", {}, code.join("\n"));
  }
  const heading = line.match(/^(#{1,6}) +(.*)/);
  if (heading)
    return (
      lines.shift() &&
      h(
        "div",
        { class: `md-h md-h${heading[1].length}`, role: "heading", "aria-level": heading[1].length + 2 },
        inline(heading[2]),
      )
    );
  if (/^\s*(---|\*\*\*)\s*$/.test(line)) return lines.shift() && h("hr");
  if (/^>/.test(line))
    return h(
      "blockquote",
      {},
      inline(
        take(lines, (each) => /^>/.test(each))
          .map((each) => each.replace(/^> ?/, ""))
          .join("\n"),
      ),
    );
  for (const [tag, mark] of [
    ["ul", /^\s*[-*+] +/],
    ["ol", /^\s*\d+[.)] +/],
  ]) {
    if (mark.test(line))
      return h(
        tag,
        {},
        take(lines, (each) => mark.test(each)).map((each) => h("li", {}, inline(each.replace(mark, "")))),
      );
  }
  if (line.includes("|") && /^[\s|:-]+$/.test(lines[1] ?? "") && lines[1].includes("-"))
    return table(take(lines, (each) => each.includes("|")));
  const first = lines.shift();
  const rest = take(lines, (each) => each.trim() && !/^(```|#{1,6} |>|\s*[-*+] |\s*\d+[.)] )/.test(each));
  return h("p", {}, inline([first, ...rest].join("\n")));
}

export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    if (lines[0].trim()) nodes.push(part(lines));
    else lines.shift();
  }
  return nodes;
}
