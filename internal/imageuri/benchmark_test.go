package imageuri

import "testing"

// BenchmarkParse parses an ordinary URI.
func BenchmarkParse(b *testing.B) {
	const uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:" +
		"2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(uri); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFamily returns the family of a repository, which selections compare for every image.
func BenchmarkFamily(b *testing.B) {
	ref, err := Parse("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = ref.Family()
	}
}
