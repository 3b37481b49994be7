import { count } from '../../ui/count';
import type { common as en } from '../en/common';

export const common: typeof en = {
  page: {
    title: (page) => `${page} – Square`,
    skip: '跳到正文',
    notFound: '找不到页面',
    checkAddress: '请检查网址。',
    loading: '页面',
    failed: '页面出错了。',
    reload: '重新加载',
    language: '语言',
  },
  wait: {
    loading: (what) => `正在加载${what}`,
    busy: '正在加载……',
    more: '加载更多',
  },
  failure: {
    unreachable: '无法连接服务器。',
    tryAgain: '重试',
    retryAfter: (seconds) => `请在 ${seconds} 秒后重试。`,
    status: (status) => `服务器返回 ${status}。`,
  },
  time: { justNow: '刚刚' },
  confirm: {
    warning: '此操作无法撤销。',
    keep: '保留',
    named: (action, of) => `${action}：${of}`,
  },
  copy: { copied: '已复制', failed: '复制失败', code: '复制' },
  format: { MD: 'Markdown', TXT: '纯文本', PDF: 'PDF', DOCX: 'Word 文档' },
  visibility: { PUBLIC: '公开', UNLISTED: '凭链接可见', PRIVATE: '私密' },
  counts: {
    views: (n) => `${count(n)} 次浏览`,
    likes: (n) => `${count(n)} 个赞`,
    favorites: (n) => `${count(n)} 次收藏`,
    comments: (n) => `${count(n)} 条评论`,
    documents: (n) => `${count(n)} 篇文档`,
    publicDocuments: (n) => `${count(n)} 篇公开文档`,
    members: (n) => `${count(n)} 位成员`,
    statistics: '统计',
  },
  files: {
    types: {
      'application/pdf': 'PDF',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word 文档',
      'text/markdown': 'Markdown',
      'text/plain': '文本',
      'image/png': 'PNG 图片',
      'image/jpeg': 'JPEG 图片',
      'image/gif': 'GIF 图片',
      'image/webp': 'WebP 图片',
    },
    otherType: '文件',
    description: (size, type) => `${size}，${type}`,
    notFetched: '无法获取文件，请重试。',
    tooLarge: (size, largest) => `文件大小为 ${size}，请选择不超过 ${largest} 的文件。`,
    progress: (name) => `${name} 的进度`,
  },
};
