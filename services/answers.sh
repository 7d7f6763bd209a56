# Whether a server answers with 200: `bash services/answers.sh HOST PORT PATH`. Each container asks
# every two seconds: to start Python for that would take a tenth of a core from a stack at rest.
set -eu
exec 3<>"/dev/tcp/$1/$2"
printf 'GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$3" "$1" "$2" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
