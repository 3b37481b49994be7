import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { keepPlaces } from './routing/place';
import { dropServedHead } from './routing/servedHead';
import { joinSession } from './session/session';
import './styles/tokens.css';
import './styles/base.css';
import './styles/prose.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
keepPlaces();
dropServedHead();
await joinSession();
createRoot(root).render(<StrictMode><App /></StrictMode>);
