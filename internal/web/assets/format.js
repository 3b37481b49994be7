// Numbers for people, each with its unit. What is not known is a dash.
const unknown = '–';
const known = (format) => (value) => (value == null || Number.isNaN(value) ? unknown : format(value));

// A whole number; from ten million on it is shortened.
export const whole = known((value) => (value < 1e7 ? Math.round(value).toLocaleString('en') : `${(value / 1e6).toFixed(1)} M`));

// Milliseconds without their unit, to three digits.
export const milliseconds = known((value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0));

export const ms = known((value) => (value < 1000 ? `${milliseconds(value)} ms` : duration(value / 1000)));

export const rate = known((value) => `${few(value)}/s`);

// A number with a digit after the point where it is small.
export const few = known((value) => (value !== 0 && value < 0.095 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : whole(value)));

// A part of one. Only all is 100 %.
export const percent = known((part) => {
  const digits = part > 0.9995 && part < 1 ? 2 : 1;
  return `${part === 1 || part === 0 ? part * 100 : Math.min(part * 100, 99.99).toFixed(digits)} %`;
});

export const bytes = known((size) => {
  const unit = size < 1024 ? 0 : size < 1 << 20 ? 1 : size < 1 << 30 ? 2 : 3;
  const value = size / 1024 ** unit;
  return `${value.toFixed(unit > 0 && value < 100 ? 1 : 0)} ${['bytes', 'KiB', 'MiB', 'GiB'][unit]}`;
});

const two = (a, large, b, small) => (b ? `${a} ${large} ${b} ${small}` : `${a} ${large}`);

// Seconds in the two units that matter.
export const duration = known((seconds) => {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 && seconds > 0 ? 2 : 1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (minutes < 60) return two(minutes, 'min', Math.floor(seconds % 60), 's');
  return hours < 24 ? two(hours, 'h', minutes % 60, 'min') : two(Math.floor(hours / 24), 'd', hours % 24, 'h');
});

// The time of day of Unix seconds.
export const clock = known((at) => new Date(at * 1000).toLocaleTimeString('en-GB'));
