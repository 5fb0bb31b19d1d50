# SPDX-License-Identifier: BSD-2-Clause
# Homebrew takes formulae from a tap alone.  What this clone has committed:
#
#   brew tap-new local/mip6d
#   cp packaging/homebrew/mip6d.rb "$(brew --repository local/mip6d)/Formula/"
#   HOMEBREW_MIP6D_SOURCE=$PWD brew install --HEAD local/mip6d/mip6d
#
# For a tap of releases, set `url` and `sha256` of an archive instead of `head`.
class Mip6d < Formula
  desc "Mobile IPv6 node: one address, and its sessions, on every network"
  homepage "https://www.rfc-editor.org/rfc/rfc6275"
  license "BSD-2-Clause"
  head "file://#{ENV.fetch("HOMEBREW_MIP6D_SOURCE", "/nowhere")}", using: :git

  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkg-config" => :build
  depends_on "uthash" => :build
  depends_on "confuse"
  depends_on "jansson"
  depends_on "libevent"
  depends_on "libnet"
  depends_on "libpcap"
  depends_on "openssl@3"
  depends_on "sqlite"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja",
           "-DMIP6_TESTS=OFF", "-DMIP6_SYSCONF_DIR=#{etc}",
           *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
    (etc/"mip6d").mkpath
  end

  def caveats
    <<~EOS
      The configuration is #{etc}/mip6d/mip6.conf; samples are in
      #{doc}/examples.  A virtual interface and packet capture need root:
        sudo #{opt_sbin}/mip6d --selftest
        sudo brew services start mip6d
      Stop it before you uninstall it, so that it puts everything back; then
      #{etc}/mip6d, /var/db/mip6d and #{var}/log/mip6d.log
      are yours to remove.
    EOS
  end

  service do
    run [opt_sbin/"mip6d", "-f"]
    require_root true
    keep_alive successful_exit: false
    error_log_path var/"log/mip6d.log"
  end

  test do
    assert_match version.to_s, shell_output("#{sbin}/mip6d --version") unless head?
    (testpath/"bad.conf").write "mn {\n"
    assert_match "bad.conf", shell_output("#{sbin}/mip6d -t -c bad.conf 2>&1", 3)
  end
end
