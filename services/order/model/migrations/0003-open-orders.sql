-- How many orders of a user are open is counted before each new one.
ALTER TABLE `order` ADD KEY `idx_uid_status` (`uid`, `status`);
