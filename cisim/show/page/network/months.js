// What a month is called, in the language of the page (cisimMonths), where month 0 is a date, "2026-07"; "" where months are only counted.

const NAMES = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
];

export const dated = (month, start) => {
  if (!start) return "";
  const [year, first] = start.split("-").map(Number);
  const counted = 12 * year + first - 1 + Math.floor(month);
  return (globalThis.cisimMonths || NAMES)[counted % 12] + " " + Math.floor(counted / 12);
};
