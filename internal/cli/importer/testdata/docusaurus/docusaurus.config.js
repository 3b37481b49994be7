module.exports = {
  title: 'Docs of Kite',
  url: 'https://kite.example',
  baseUrl: '/kite/',
};
