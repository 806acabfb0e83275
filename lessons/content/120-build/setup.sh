# The files that the learner builds from; nothing that is there is changed.

# step: build
if [ ! -e /root/build/hello ]; then
  mkdir -p /root/build/hello
  cd /root/build/hello
  printf 'FROM busybox\nCOPY message.txt /message.txt\n' > Dockerfile
  echo 'The word is {{token}}.' > message.txt
  echo made
fi

# step: context
if [ ! -e /root/build/site ]; then
  mkdir -p /root/build/site
  cd /root/build/site
  printf 'FROM nginx\nCOPY . /usr/share/nginx/html/\n' > Dockerfile
  echo '<!doctype html><meta charset="utf-8"><title>{{token}}</title><h1>{{token}}</h1>' > index.html
  echo 'password=open-sesame' > secret.txt
  echo made
fi

# step: entry
if [ ! -e /root/build/say ]; then
  mkdir -p /root/build/say
  cd /root/build/say
  printf 'FROM busybox\nCMD ["echo", "hello,"]\nCMD ["world"]\n' > Dockerfile
  echo made
fi
