// Puts GraphiQL on the page, between the bar and the explain panel.
import { explainWanted, onCopyCommand, onExample, showExamples, takeBypass } from './bar.js';
import { send, stream } from './client.js';
import { shellCommand } from './copy.js';
import { panel } from './explain.js';
import { fillIn, filled } from './sample.js';
import { noticeEnd, onSession, withAuthorization, withAuthorizationText, withoutToken } from './session.js';
import { settings } from './settings.js';
import { onFileExample } from './upload.js';

const { GraphiQL, React, ReactDOM } = window;
const h = React.createElement;

const reports = new Map(); // tab id → the explain report of its result
const lastRuns = new Map(); // query and variables → SQL queries of the last run
let activeTab;

await fillIn(settings.examples);

async function fetcher(operation, { headers, documentAST } = {}) {
  if (operation.operationName === 'IntrospectionQuery') return schema(operation);
  const request = withAuthorization(new Headers(headers));
  if (explainWanted()) request.set('X-Explain', '1');
  const cold = takeBypass();
  if (cold) request.set('X-Cache-Bypass', '1');
  panel.wait();
  if (operation.variables) operation = { ...operation, variables: JSON.parse(await filled(JSON.stringify(operation.variables))) };
  if (isSubscription(documentAST, operation.operationName)) return watching(operation, request);
  const answer = await send(operation, request);
  noticeEnd(answer, request);
  return withoutReport(answer, { cold, key: JSON.stringify([operation.query, operation.variables]) });
}

function isSubscription(document, name) {
  return document && GraphiQL.GraphQL.getOperationAST(document, name)?.operation === 'subscription';
}

// What GraphiQL subscribes to: each answer replaces the one before, and its button for stopping ends the stream at once.
function watching(operation, request) {
  const controller = new AbortController();
  const subscribe = (observer) => {
    const show = (answer) => {
      noticeEnd(answer, request);
      observer.next(withoutReport(answer));
    };
    stream(operation, request, show, controller.signal).then(observer.complete, observer.error);
    return { unsubscribe };
  };
  const unsubscribe = () => {
    controller.abort();
    panel.rest();
  };
  return { subscribe };
}

// The schema is the same for everybody, so it is asked for without the session: one that has ended must not hide it. If
// the server answers no introspection, it may still publish its schema.
async function schema(introspection) {
  const answer = await send(introspection);
  if (answer.data) return answer;
  const response = await fetch('/schema.graphql');
  if (!response.ok) return answer;
  const { buildSchema, introspectionFromSchema } = GraphiQL.GraphQL;
  return { data: introspectionFromSchema(buildSchema(await response.text())) };
}

// Moves extensions.explain from the result to the panel.
function withoutReport({ extensions, ...answer }, { cold = false, key = null } = {}) {
  const { explain, ...others } = extensions ?? {};
  // GraphiQL shows a result in the tab that is active when it arrives, so that tab it is.
  if (explain) Object.assign(explain, { cold, before: key && lastRuns.get(key) });
  if (explain && key) lastRuns.set(key, explain.sql?.statements ?? 0);
  reports.set(activeTab, explain);
  panel.show(explain, true);
  return Object.keys(others).length > 0 ? { ...answer, extensions: others } : answer;
}

// The history would keep the texts of the headers editor, and with them the token, longer than the session lives.
function storage() {
  const local = GraphiQL.createLocalStorage({ namespace: 'docsquare' });
  return Object.assign(local, { setItem: ((setItem) => (key, value) => setItem(key, withoutToken(value)))(local.setItem) });
}

// Bridge stands inside GraphiQL, where its editors can be reached, and ties them to the rest of the page.
function Bridge() {
  const { tabs, activeTabIndex, addTab, changeTab, queryEditor, variableEditor, headerEditor } = GraphiQL.React.useEditorContext();
  const { stop } = GraphiQL.React.useExecutionContext();
  const tab = tabs[activeTabIndex]?.id;
  const [session, setSession] = React.useState(null);
  const opening = React.useRef(null);
  const open = React.useRef(null);
  const stopping = React.useRef(null);
  const command = React.useRef(null);

  stopping.current = stop;
  command.current = () => {
    const variables = variableEditor.getValue().trim();
    const headers = JSON.parse(headerEditor?.getValue().trim() || '{}');
    return shellCommand(settings.endpoint, { query: queryEditor.getValue(), ...(variables && { variables: JSON.parse(variables) }) }, headers);
  };

  function fill() {
    if (!opening.current) return;
    queryEditor.setValue(opening.current.query);
    variableEditor.setValue(opening.current.variables);
    headerEditor.setValue(opening.current.headers);
    const shown = opening.current.variables;
    filled(shown).then((text) => variableEditor.getValue() === shown && text !== shown && variableEditor.setValue(text));
    opening.current = null;
  }

  open.current = (example) => {
    const index = tabs.findIndex((t) => t.query === example.query);
    if (index < 0 || example.refill) opening.current = example;
    if (index < 0) addTab();
    else if (index !== activeTabIndex) changeTab(index);
    else fill();
  };

  React.useEffect(() => {
    onSession(setSession);
    onExample((example) => open.current(example));
    onFileExample((example) => open.current(example));
    onCopyCommand(() => command.current());
  }, []);

  React.useEffect(() => {
    activeTab = tab;
    panel.show(reports.get(tab));
    fill();
    return () => stopping.current(); // events would go on into the result of the next tab
  }, [tab]);

  // The tab may be one that was just opened, beyond the edge, and grows with its title.
  React.useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab, tabs[activeTabIndex]?.title]);

  React.useEffect(() => {
    for (const editor of [queryEditor, variableEditor]) editor?.setOption('lineWrapping', true);
  }, [queryEditor, variableEditor]);

  React.useEffect(() => {
    if (!headerEditor) return;
    const text = withAuthorizationText(headerEditor.getValue());
    if (text !== headerEditor.getValue()) headerEditor.setValue(text);
  }, [tab, session, headerEditor]);

  return null;
}

document.body.classList.toggle('without-schema', !settings.schema);
panel.onExamples(showExamples);

const place = (node) => node?.replaceChildren(panel.element);

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  h(
    GraphiQL,
    {
      fetcher,
      storage: storage(),
      defaultTabs: settings.examples.slice(0, 1),
      ...(settings.schema ? {} : { schema: null }),
      defaultEditorToolsVisibility: 'variables',
      shouldPersistHeaders: false,
      inputValueDeprecation: true,
    },
    h(Bridge),
    h(GraphiQL.Footer, null, h('div', { ref: place })),
  ),
);
