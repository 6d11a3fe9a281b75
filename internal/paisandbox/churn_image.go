package paisandbox

import (
	"fmt"
	"time"
)

// What the images of a churn are made of. Every word is that of a few images, so that a filter finds some and leaves some out.
var (
	churnWords      = []string{"red", "green", "blue"}
	churnChips      = []string{"GPU", "CPU"}
	churnFrameworks = []string{"PyTorch", "TensorFlow"}
	churnServices   = []string{"dlc", "dsw", "eas"}
)

// ChurnWorkspace is the workspace of those images of a churn that are not official.
const ChurnWorkspace = "20455"

// draw makes an image that never was: three of four are official, their versions and creation times are from a few.
func (c *Churn) draw() Image {
	c.drawn++
	version := fmt.Sprintf("1.%d.0", c.random.IntN(40))
	uri := fmt.Sprintf("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/churn:%s-%d", version, c.drawn)
	labels := []Label{
		L("system.chipType", c.oneOf(churnChips)),
		L("system.framework."+c.oneOf(churnFrameworks), version),
		L("system.supported."+c.oneOf(churnServices), "true"),
	}
	drawn := Official(uri, labels...)
	if c.random.IntN(4) == 0 {
		drawn = Custom(ChurnWorkspace, uri, labels...)
	}
	return drawn.With(c.rename, c.retime)
}

func (c *Churn) oneOf(words []string) string { return words[c.random.IntN(len(words))] }

// rename gives the image a name that no image ever had, with one of the words in it.
func (c *Churn) rename(i *Image) {
	c.drawn++
	i.Name = Value(fmt.Sprintf("%s-%d", c.oneOf(churnWords), c.drawn))
	c.modified(i)
}

// retime moves the image to another place in the order, among others of the same time.
func (c *Churn) retime(i *Image) {
	hours := c.random.IntN(max(1, c.typical/3))
	i.GmtCreateTime = Value(churnBegan.Add(time.Duration(hours) * time.Hour).Format(timeFormat))
	c.modified(i)
}

// modified stamps the image with a time that no other change has.
func (c *Churn) modified(i *Image) {
	c.drawn++
	i.GmtModifiedTime = Value(churnBegan.AddDate(1, 0, 0).Add(time.Duration(c.drawn) * time.Second).Format(timeFormat))
}

var churnBegan = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
