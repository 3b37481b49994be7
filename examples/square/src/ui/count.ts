const exact = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const units = ['bytes', 'KiB', 'MiB', 'GiB'];

// A number as it is shown: 1,234 in full, 12,345 as 12.3K.
export const count = (value: number): string => (value < 10_000 ? exact : compact).format(value);

// A number of things, such as "1 comment".
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

export function bytes(size: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  const value = size / 1024 ** power;
  return `${value.toFixed(power > 0 && value < 100 ? 1 : 0)} ${units[power]}`;
}
