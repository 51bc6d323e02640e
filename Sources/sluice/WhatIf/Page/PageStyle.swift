/// How the page looks, and the little script that sorts its tables.
enum PageStyle {
    /// Light and dark as the reader's system is; on narrow screens rows become cards.
    static let css: HTMLText = """
        :root { color-scheme: light dark; --ink: #1b2330; --soft: #5b6675; --paper: #ffffff;
          --panel: #f4f6f9; --line: #d9dfe7; --before: #9aa7b8; --accept: #18794e; --drop: #c2303a;
          --mark: #eef2f7; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e7ebf1; --soft: #9aa5b4; --paper: #12161c; --panel: #1b2129; --line: #313a46;
            --before: #6d7988; --accept: #4cc38a; --drop: #ff6b73; --mark: #242c37; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem; background: var(--paper);
          color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        h3 { font-size: .95rem; margin: 0 0 .5rem; }
        p, ul { margin: .5rem 0; } ul { padding-left: 1.25rem; }
        code, .mono { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace;
          font-size: .86em; }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem;
          padding: .6rem .8rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .soft { color: var(--soft); } .small { font-size: .86rem; }
        .drop { color: var(--drop); } .accept { color: var(--accept); }
        .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
        .panel { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
          padding: .8rem 1rem; min-width: 0; display: flex; flex-direction: column; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .88rem; }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
          vertical-align: top; overflow-wrap: break-word; }
        th { color: var(--soft); font-weight: 600; overflow-wrap: normal; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .panel tr:last-child td { border-bottom: 0; }
        .panel th, .panel td { padding: .3rem .35rem; }
        .grid td:first-child { min-width: 6.5rem; overflow-wrap: anywhere; }
        .cards td { overflow-wrap: anywhere; } .cards td:first-child { min-width: 11rem; }
        tbody tr:hover { background: var(--mark); }
        th button { all: unset; cursor: pointer; } th button:hover { color: var(--ink); }
        th button:focus-visible { outline: 2px solid var(--soft); outline-offset: 2px; }
        th[aria-sort=ascending] button::after { content: " ↑"; }
        th[aria-sort=descending] button::after { content: " ↓"; }
        svg { display: block; width: 100%; height: 7rem; border-bottom: 1px solid var(--line); }
        svg .before { fill: var(--before); fill-opacity: .45; }
        svg .after { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
        svg .after.accept { stroke: var(--accept); } svg .after.drop { stroke: var(--drop); }
        svg .flips { fill: var(--drop); }
        .panel svg { margin-top: auto; }
        .axis { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
        .key { display: inline-block; width: .8rem; height: .6rem; border-radius: .1rem;
          margin-right: .3rem; background: var(--before); opacity: .6; }
        .key.line { height: .18rem; vertical-align: middle; opacity: 1; }
        .key.line.accept { background: var(--accept); } .key.line.drop { background: var(--drop); }
        @media (max-width: 44rem) {
          .panel table { font-size: .8rem; }
          .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          .cards tr { display: block; border: 1px solid var(--line); border-radius: .4rem;
            margin: 0 0 .6rem; padding: .3rem .2rem; }
          .cards td { display: flex; justify-content: space-between; gap: 1rem; border: 0;
            padding: .15rem .6rem; text-align: right; white-space: normal; }
          .cards td::before { content: attr(data-label); color: var(--soft); text-align: left;
            flex: none; }
          .cards td:first-child { display: block; min-width: 0; text-align: left; font-weight: 600; }
          .cards td:first-child::before { content: none; } }
        """

    /// Headings become buttons only where the script runs; without it the order is by impact.
    static let script: HTMLText = """
        for (const table of document.querySelectorAll("table.sortable")) {
          const body = table.tBodies[0];
          table.querySelectorAll("thead th").forEach((head, column) => {
            const button = document.createElement("button");
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener("click", () => {
              const down = head.getAttribute("aria-sort") !== "descending";
              table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
              head.setAttribute("aria-sort", down ? "descending" : "ascending");
              const value = row => {
                const cell = row.cells[column];
                return cell.dataset.value === undefined ? cell.textContent : +cell.dataset.value;
              };
              const order = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b);
              [...body.rows].sort((a, b) => (down ? -1 : 1) * order(value(a), value(b)))
                .forEach(row => body.append(row));
            });
          });
        }
        """
}
