-- In SQLite an index of all orders made each purchase write a third more; one of the open orders costs next to nothing.
ALTER TABLE `order`
  DROP KEY `idx_uid_status`,
  ADD KEY `idx_uid_open` (`uid`, `status`) COMMENT 'sqlite: only where status = 0';
