/** A heading and the text below it. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The sections of one level, each up to the next heading of this level or a higher one. */
export function sectionsOf(markdown: string, level: number): Section[] {
  const sections: { title: string; lines: string[] }[] = [];
  let isOpen = false;
  for (const line of prose(markdown).split("\n")) {
    const [, marks = "", title = ""] = /^(#{1,6}) (.+)$/.exec(line) ?? [];
    if (marks !== "" && marks.length <= level) isOpen = marks.length === level;
    if (marks.length === level) sections.push({ title, lines: [] });
    else if (isOpen) sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ title, lines }) => ({ title, text: lines.join("\n") }));
}

/** The text without its fenced blocks. */
export function prose(markdown: string): string {
  return markdown.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

/** The fenced blocks in a language, oldest first. */
export function blocksOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^( *)```(\S*)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , name]) => name === language)
    .map(([, , , text = ""]) => text);
}

/** The anchors that GitHub gives to headings. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    for (let count = 0; ; count++) {
      const anchor = count === 0 ? slug : `${slug}-${count}`;
      if (anchors.has(anchor)) continue;
      anchors.add(anchor);
      break;
    }
  }
  return anchors;
}

/** The targets of all links, images included. */
export function linksOf(markdown: string): string[] {
  return [
    ...prose(markdown)
      .replace(/`[^`\n]*`/g, "")
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target = ""]) => target);
}
