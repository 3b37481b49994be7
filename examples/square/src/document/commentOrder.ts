// The order of comments. A visitor's choice is kept in the browser.
import { useState } from 'react';
import type { OrderDirection } from '../gql/graphql';

const storageKey = 'square:comment-order';

export const keptOrder = (): OrderDirection => (localStorage.getItem(storageKey) === 'ASC' ? 'ASC' : 'DESC');

export function useCommentOrder(): [OrderDirection, (order: OrderDirection) => void] {
  const [order, setOrder] = useState(keptOrder);
  function choose(next: OrderDirection) {
    localStorage.setItem(storageKey, next);
    setOrder(next);
  }
  return [order, choose];
}
