module.exports = {
  title: '缓存手册',
  base: '/handbook/',
}
