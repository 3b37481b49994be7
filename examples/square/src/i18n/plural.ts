import { count } from '../ui/count';

// A number of things in English, such as "1 comment".
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;
