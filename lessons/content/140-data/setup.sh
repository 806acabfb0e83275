# Files of the learner's machine that this lesson mounts; what is there stays as it is.
# step: bind
mkdir -p /root/data/site
[ -f /root/data/site/index.html ] || { echo '<h1>Hello from the host</h1>' >/root/data/site/index.html; echo made; }
# step: backup
[ -d /root/data/backup ] || { mkdir -p /root/data/backup; echo made; }
