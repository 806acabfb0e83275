/** Discord's ids: 64-bit numbers in decimal text, ordered by the time they were made. */

/** Negative, zero or positive, as `sort` wants it; ids are too big for Number. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** A bit set such as Discord's permissions holds every bit of `wanted`. */
export function hasBits(bits, wanted) {
  return (BigInt(bits || 0) & BigInt(wanted)) === BigInt(wanted);
}

/** A small number that stays the same for one id: picks a colour for a person. */
export function idNumber(id) {
  return /^\d+$/.test(id)
    ? Number(BigInt(id) % 9973n)
    : [...id].reduce((sum, c) => sum + c.codePointAt(0), 0);
}
