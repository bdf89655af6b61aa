// From dark blue to yellow: readable without colour, and by who sees red and green alike.

const SHADES = 64;

export function cividis(t) {
  const r = -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))));
  const g = 32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))));
  const b = 81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))));
  const whole = (v) => Math.max(0, Math.min(255, Math.round(v)));
  return `rgb(${whole(r)},${whole(g)},${whole(b)})`;
}

const RAMP = Array.from({ length: SHADES }, (_, k) => cividis(k / (SHADES - 1)));
export const shade = (t) => RAMP[Math.max(0, Math.min(SHADES - 1, Math.round(t * (SHADES - 1))))];
