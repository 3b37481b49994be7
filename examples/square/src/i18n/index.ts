// The words of the user interface.
export { en as t } from './en';
