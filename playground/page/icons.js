/** The page's own line icons, drawn on a 24-unit grid. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16.5M3.5 15H20",
  thread: "M5 5h14v9H10l-5 4zM9 9.5h6",
  direct: "M4 6h16v12H4zM4 7l8 6 8-6",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  reply: "M10 6 4 12l6 6M4 12h9c4 0 7 2 7 6",
  edit: "M5 19h3L19 8l-3-3L5 16z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  smile:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 10h.01M15 10h.01M8 14c1 1.7 2.4 2.5 4 2.5s3-.8 4-2.5",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  check: "M5 12.5 10 17.5 19.5 7",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  plus: "M12 5v14M5 12h14",
  send: "M4 4l17 8-17 8 3-8zM7 12h14",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  down: "M12 5v14M6 13l6 6 6-6",
  warn: "M12 4 2.5 20h19zM12 10v4.5M12 17.5h.01",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  chevron: "M8 10l4 4 4-4",
  terminal: "M3 5h18v14H3zM7 10l3 2.5L7 15M12.5 15H17",
  apps: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  retry: "M20 11a8 8 0 1 0-2 6M20 4v7h-7",
};

/**
 * An icon that says nothing by itself: the element around it carries the name.
 *
 * @param {keyof PATHS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
