// Blocks as nodes. What cannot be shown is a loud error, never left out.

import { h, icon, unique } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { link, richText, textOf } from "./text.js";

function address(image) {
  if (image.image_url) return image.image_url;
  const reference = image.slack_file.id ?? image.slack_file.url.split("/files/").at(-1).split("/")[0];
  return `/files/${encodeURIComponent(reference)}/picture`;
}

export function enlarge(source, alt, name) {
  const shut = () => {
    node.close();
    node.remove();
  };
  const node = h(
    "dialog",
    {
      class: "lightbox",
      "data-testid": "lightbox",
      "aria-label": name || alt,
      onclose: () => node.remove(),
      onclick: (event) => event.target === node && shut(),
    },
    h(
      "header",
      {},
      h("b", {}, name || "Picture"),
      link(new URL(source, location.href).href, "Open in a new tab"),
      h("button", { class: "icon", "aria-label": "Close the picture", onclick: shut }, icon("close")),
    ),
    h("img", { src: source, alt }),
    h("p", {}, alt),
  );
  document.body.append(node);
  node.showModal();
}

export function picture(source, alt, name) {
  return h(
    "button",
    {
      type: "button",
      class: "picture",
      "aria-label": `Enlarge: ${alt}`,
      "data-testid": "picture",
      onclick: () => enlarge(source, alt, name),
    },
    h("img", { src: source, alt }),
  );
}

function cell(content, settings, tag) {
  const style = settings
    ? `text-align:${settings.align ?? "left"};white-space:${settings.is_wrapped ? "normal" : "nowrap"}`
    : null;
  const inside = content.type === "rich_text" ? richText(content) : (content.text ?? String(content.value));
  return h(tag, { style, scope: tag === "th" ? "col" : null }, inside);
}

function table(block) {
  const settings = block.column_settings ?? [];
  const [head, ...rows] = block.rows;
  const line = (row, tag) =>
    h(
      "tr",
      {},
      row.map((each, index) => cell(each, settings[index], tag)),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table", "data-testid": "table" },
    h(
      "table",
      {},
      h("thead", {}, line(head, "th")),
      h(
        "tbody",
        {},
        rows.map((row) => line(row, "td")),
      ),
    ),
  );
}

function field(block, scope) {
  const control = element(block.element, block, scope, block.label.text);
  const error = h("div", {
    class: "error",
    role: "alert",
    id: unique("error"),
    "data-testid": `error:${block.block_id}`,
  });
  const hint = block.hint ? h("div", { class: "hint", id: unique("hint") }, textOf(block.hint)) : null;
  const entry = control.matches("input, textarea") ? control : control.querySelector("input[role=combobox]");
  (entry ?? control).setAttribute("aria-describedby", hint ? `${error.id} ${hint.id}` : error.id);
  if (entry) entry.id = unique("entry");
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const label = h(entry ? "label" : "div", { class: "label", for: entry?.id }, textOf(block.label), optional);
  const props = { class: "field", "data-testid": `field:${block.block_id}`, "data-block": block.block_id };
  return h("div", props, label, control, error, hint);
}

const RENDER = {
  divider: () => h("hr"),
  header: (block) => h("h3", { class: "header" }, textOf(block.text)),
  section: (block, scope) => {
    const words = [
      block.text ? h("div", { class: "words" }, textOf(block.text)) : null,
      block.fields
        ? h(
            "div",
            { class: "fields" },
            block.fields.map((field) => h("div", { class: "words" }, textOf(field))),
          )
        : null,
    ];
    if (!block.accessory) return words;
    const side =
      block.accessory.type === "image"
        ? h("img", { class: "thumb", src: address(block.accessory), alt: block.accessory.alt_text })
        : element(block.accessory, block, scope, block.text?.text);
    return h("div", { class: "with-accessory" }, h("div", { class: "grow" }, words), side);
  },
  context: (block) =>
    block.elements.map((each) =>
      each.type === "image"
        ? h("img", { class: "mini", src: address(each), alt: each.alt_text })
        : h("span", { class: "words" }, textOf(each)),
    ),
  image: (block) => [
    block.title ? h("div", { class: "title" }, textOf(block.title)) : null,
    picture(address(block), block.alt_text, block.title?.text),
  ],
  actions: (block, scope) => block.elements.map((each) => element(each, block, scope)),
  input: field,
  rich_text: (block) => richText(block),
  markdown: (block) => markdown(block.text),
  table,
  file: (block) => h("div", { class: "file" }, `Remote file ${block.external_id}`),
};

function loud(what) {
  return h(
    "div",
    { class: "cannot", role: "alert", "data-testid": "cannot-render" },
    h("b", {}, "The playground cannot show this: "),
    what,
  );
}

export function renderBlock(block, scope) {
  const render = RENDER[block.type];
  if (!render) return loud(`a block of type ${block.type}`);
  try {
    return h("div", { class: `block ${block.type}`, "data-block-id": block.block_id }, render(block, scope));
  } catch (error) {
    return loud(`${error.message}, in a block of type ${block.type}`);
  }
}
