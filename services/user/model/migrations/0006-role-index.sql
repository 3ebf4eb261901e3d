-- Who is staff, among however many customers.
ALTER TABLE `user` ADD KEY `idx_role` (`role`);
