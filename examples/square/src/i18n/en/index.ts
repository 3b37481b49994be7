// The words of the user interface in English. Other languages have the same keys.
import { account } from './account';
import { common } from './common';
import { reading } from './reading';
import { writing } from './writing';

export const en = { ...common, ...reading, ...account, ...writing };
