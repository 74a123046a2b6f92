/* Beside the field of an accent colour: how well it can be read, as `look/rules.py` measures it (WCAG 2.2). */

const LINEAR_BELOW = 0.04045, FLARE = 0.05, STEPS = 256;
const TOWARDS = { light: 0, dark: 255 };

function channels(colour) {
    return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function luminance(colour) {
    const linear = channels(colour).map((one) => one / 255)
        .map((one) => (one <= LINEAR_BELOW ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(first, second) {
    const [darker, brighter] = [luminance(first), luminance(second)].sort((one, other) => one - other);
    return (brighter + FLARE) / (darker + FLARE);
}

function weakest(colour, backgrounds) {
    return Math.min(...backgrounds.map((one) => contrast(colour, one)));
}

function nearest(colour, scheme, backgrounds, least) {
    for (let step = 0; step <= STEPS; step += 1) {
        const mixed = channels(colour).map((one) => Math.round(one + (TOWARDS[scheme] - one) * (step / STEPS)));
        const shade = `#${mixed.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
        if (weakest(shade, backgrounds) >= least) return shade;
    }
    return colour;
}

function shown(ratio) {
    // Rounded down: what just fails must not read as if it passed.
    return (Math.floor(ratio * 100) / 100).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 });
}

for (const field of document.querySelectorAll(".admin-colour")) {
    const input = field.querySelector("input"), told = field.querySelector(".admin-contrast");
    const backgrounds = JSON.parse(field.dataset.backgrounds), least = Number(field.dataset.least);
    const tell = () => {
        const ratio = weakest(input.value, backgrounds.light);
        const dark = nearest(input.value, "dark", backgrounds.dark, least);
        const lines = [told.dataset.light.replace("{ratio}", shown(ratio))];
        if (ratio < least) lines.push(told.dataset.weak.replace("{colour}", nearest(input.value, "light", backgrounds.light, least)));
        lines.push(told.dataset.dark.replace("{colour}", dark).replace("{ratio}", shown(weakest(dark, backgrounds.dark))));
        told.textContent = lines.join(" · ");
    };
    input.addEventListener("input", tell);
    tell();
}
