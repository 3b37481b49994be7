// A card of the dashboard: a number, what else there is to say, and a plot of how it came about.
import { element } from './element.js';
import { plot } from './plot.js';

// A card is declared as {title, help, main, lines, meter, absent, axes, scale, top, stacked}. main(frame, now) is the big
// text and what it is of; lines are what else is said: {label, value, format}, and those with a color are plotted; a line
// that is an empty text is left out. meter(frame) is {value, most, label, color}; absent(frame, now) says why there is
// nothing, if so. A card that is quiet is hidden while all that it plots is 0.
export class Card {
  #declared;
  #value = element('strong', { className: 'card-value' });
  #unit = element('span', { className: 'card-unit' });
  #readings;
  #meter;
  #absent = element('p', { className: 'card-absent', hidden: true });
  #plotted;
  #setData;
  #frames = [];
  #now = {};
  #cursor = null;
  #onTime;

  // onTime hears the time that the cursor is at, or null.
  constructor(declared, onTime) {
    this.#declared = declared;
    this.#onTime = onTime;
    this.#plotted = declared.lines.filter((line) => line.color);
    if (declared.stacked) this.#plotted.reverse();
    const title = element('h3', { title: declared.help ?? '' }, declared.title);
    const head = element('p', { className: 'card-head' }, this.#value, this.#unit);
    this.#readings = declared.lines.map(reading);
    const list = element('dl', { className: 'card-lines' }, ...this.#readings.map(({ row }) => row));
    this.element = element('article', { className: declared.axes ? 'card card-large' : 'card' }, title, head, list, this.#absent);
    if (declared.meter) this.element.append(this.#addMeter());
    if (this.#plotted.length) this.element.append(this.#addPlot());
  }

  // Shows these frames, oldest first, and the present tables.
  show(frames, now) {
    this.#frames = frames;
    this.#now = now;
    const reason = this.#declared.absent?.(frames.at(-1), now);
    this.element.classList.toggle('card-without', Boolean(reason));
    this.element.hidden = this.silent || Boolean(this.#declared.optional && reason);
    this.#absent.hidden = !reason;
    this.#absent.textContent = reason ?? '';
    this.#setData?.([frames.map(({ at }) => at), ...this.#columns()]);
    this.#read();
  }

  get title() {
    return this.#declared.title;
  }

  // Whether the card is quiet, and there is nothing but 0 in it.
  get silent() {
    return Boolean(this.#declared.quiet) && this.#frames.length > 0 && this.#plotted.every(({ value }) => this.#frames.every((frame) => !value(frame)));
  }

  // A stack is drawn from its top down, so that each line covers what lies below the one before.
  #columns() {
    const column = ({ value }) => this.#frames.map((frame) => known(value(frame)));
    const columns = this.#plotted.map(column);
    if (!this.#declared.stacked) return columns;
    return columns.map((_, i) => this.#frames.map((_, at) => sum(columns.slice(i).map((below) => below[at]))));
  }

  // Writes the numbers of the frame at the cursor, or of the last one.
  #read() {
    const { main, meter } = this.#declared;
    const frame = this.#frames[this.#cursor ?? this.#frames.length - 1];
    const [value, unit = ''] = frame && !frame.gap ? main(frame, this.#now) : ['–'];
    write(this.#value, value);
    write(this.#unit, unit);
    for (const { value, format, data, row } of this.#readings) {
      write(data, format(value(frame ?? {}, this.#now)));
      row.hidden = data.textContent === '';
    }
    if (this.#meter) this.#fillMeter(frame && meter(frame));
  }

  #addMeter() {
    const fill = element('span', {});
    this.#meter = { fill, bar: element('div', { className: 'card-meter', role: 'meter', ariaLabel: this.#declared.title }, fill) };
    return this.#meter.bar;
  }

  #fillMeter(reading) {
    const { bar, fill } = this.#meter;
    bar.hidden = !reading?.most || reading.value == null;
    if (bar.hidden) return;
    const part = Math.min(1, reading.value / reading.most);
    fill.style.width = `${part * 100}%`;
    fill.style.setProperty('--key', reading.color);
    Object.assign(bar, { ariaValueMin: 0, ariaValueMax: 100, ariaValueNow: Math.round(part * 100), ariaValueText: reading.label });
    bar.classList.toggle('card-meter-full', part > 0.9);
  }

  #addPlot() {
    const { title, axes, scale, top } = this.#declared;
    const place = element('div', { className: 'card-plot', tabIndex: 0, role: 'img' });
    place.ariaLabel = `${title} over the last minutes. The arrow keys move through them; the numbers above follow.`;
    const onCursor = (index) => {
      this.#cursor = index;
      this.#read();
      this.#onTime(this.#frames[index]?.at ?? null);
    };
    this.#setData = plot(place, { series: this.#plotted, axes, scale, top, height: axes ? 132 : 36, onCursor });
    return place;
  }
}

const sum = (values) => (values.includes(null) ? null : values.reduce((a, b) => a + b));
const known = (value) => value ?? null; // undefined would be drawn through

function reading(line) {
  const name = element('dt', {}, line.label);
  if (line.color) {
    name.className = line.dash ? 'card-key card-key-dashed' : 'card-key';
    name.style.setProperty('--key', line.color);
  }
  const data = element('dd', {});
  return { ...line, data, row: element('div', {}, name, data) };
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
