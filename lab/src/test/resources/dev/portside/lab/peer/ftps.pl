# Uploads and downloads in one session of Net::FTP with IO::Socket::SSL.
#
# Arguments: host port explicit|implicit user password CA-file oldest newest resume|fresh active|passive count
# The files are up/0.bin, up/2.bin, ...; what comes back goes to down/, the listing to list.

use strict;
use warnings;
use IO::Socket::SSL;
use Net::FTP;

my ($host, $port, $mode, $user, $password, $authorities, $oldest, $newest, $resume, $data, $count) = @ARGV;
my $versions = $oldest eq $newest ? $newest =~ tr/./_/r : 'SSLv23:!TLSv1:!TLSv1_1';

my $ftp = Net::FTP->new(
    $host,
    Port => $port,
    Timeout => 10,
    Passive => $data eq 'passive',
    Debug => 1,
    SSL => $mode eq 'implicit',
    SSL_ca_file => $authorities,
    SSL_version => $versions,
    # by itself it takes the end of an IPv6 address for a port
    SSL_verifycn_name => $host,
    SSL_session_cache => LastSession->new($resume eq 'resume', $newest eq 'TLSv1.2'),
) or die "connect: $@";

sub must {
    my ($what, $done) = @_;
    $done or die "$what: " . $ftp->code . ' ' . $ftp->message;
}

must('AUTH TLS', $ftp->starttls) unless $mode eq 'implicit';
must('login', $ftp->login($user, $password));
must('PROT P', $ftp->prot('P'));
must('TYPE I', $ftp->binary);
for my $i (0 .. $count - 1) {
    if ($i % 2 == 0) {
        must("put $i", $ftp->put("up/$i.bin", "$i.bin"));
    } else {
        my $name = $i - 1 . '.bin';
        must("get $name", $ftp->get($name, "down/$name"));
    }
}
my $lines = $ftp->dir;
must('LIST', $lines);
open(my $list, '>', 'list') or die "list: $!";
print $list "$_\n" for @$lines;
close($list) or die "list: $!";
must('QUIT', $ftp->quit);

# Net::FTP lets control and data connections share a cache, but looks into it under another name for each of them: it
# never finds a session there. This cache has one session, the last one, under every name. OpenSSL makes a session useless
# when it has been resumed: under TLS 1.3 on purpose, under TLS 1.2 when the server renews its ticket, and then without
# telling the new one to a cache. So the cache gives away copies there.
package LastSession;

sub new {
    my ($class, $keeps, $copies) = @_;
    return bless { keeps => $keeps, copies => $copies }, $class;
}

sub get_session {
    my $self = shift;
    return $self->{copies} && $self->{copy} ? Net::SSLeay::d2i_SSL_SESSION($self->{copy}) : $self->{session};
}

sub add_session {
    my ($self, $key, $session) = @_;
    if ($self->{keeps}) {
        $self->{session} = $session;
        $self->{copy} = Net::SSLeay::i2d_SSL_SESSION($session);
    }
    return $session;
}

sub del_session { return }
