// What the server tells this page: endpoint, examples, development, demoUsername, demoPassword.
export const settings = JSON.parse(document.getElementById('settings').textContent);
