// Light, dark, or as the system has it; and everything unfolded on paper.
"use strict";
Firedrill.theme = (button) => {
  const themes = ["auto", "light", "dark"];
  const remembered = () => { try { return localStorage.getItem("firedrill-theme"); } catch { return null; } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = (theme) => {
    document.documentElement.dataset.theme = theme !== "auto" ? theme : system.matches ? "dark" : "light";
    button.textContent = "Colours: " + {auto: "as the system", light: "light", dark: "dark"}[theme];
    try { localStorage.setItem("firedrill-theme", theme); } catch { /* a page from a disk may have no storage */ }
  };
  let theme = themes.includes(remembered()) ? remembered() : "auto";
  system.addEventListener("change", () => set(theme));
  button.addEventListener("click", () => set(theme = themes[(themes.indexOf(theme) + 1) % 3]));
  set(theme);
};

Firedrill.unfold_for_print = () => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
};
