INSERT INTO search_words (id, words) VALUES (7, '''旁路'':1A ''路缓'':2A ''缓存'':3A,12B ''~f0''');
