// The words of the user interface in Chinese.
import type { en } from '../en';
import { account } from './account';
import { common } from './common';
import { reading } from './reading';
import { writing } from './writing';

export const zh: typeof en = { ...common, ...reading, ...account, ...writing };
